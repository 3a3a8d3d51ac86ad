"""Three classic AWS web architectures as running sites."""
