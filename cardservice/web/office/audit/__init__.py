"""The audit log and looks at persons."""
