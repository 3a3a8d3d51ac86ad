"""Posts: written in Markdown, rendered when saved, published by their author."""
