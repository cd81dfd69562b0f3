"""The targets, a file a group; what a check lets pass is what the parser's documentation says."""
