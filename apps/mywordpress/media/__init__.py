"""Pictures: checked, cleaned, stored by their content, and made smaller by the worker."""
