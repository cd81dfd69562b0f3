"""Templates of a package of pages, in one language."""

from gettext import NullTranslations

from jinja2 import Environment, PackageLoader, StrictUndefined

from cardservice.web.assets import asset_url


def page_templates(package: str, said: NullTranslations) -> Environment:
    """Return the templates of ``package``, which speak as ``said`` does.

    Every value is escaped, and one that is missing is an error. Templates have ``_`` and
    ``ngettext`` for texts of their own, ``say`` for texts that come from elsewhere, and
    ``asset_url``.

    Args:
        package: a dotted name; its templates lie in ``templates``.
        said: turns English texts into the reader's language.
    """
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["asset_url"] = asset_url
    # For texts that come from elsewhere: the one above would take a % in them for a variable.
    environment.globals["say"] = lambda text: said.gettext(text) if text else ""
    return environment
