"""Sign-in in the browser: cookies, forms, pages, and the guard in front of every route."""
