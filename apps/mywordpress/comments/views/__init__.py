"""Pages about comments: leaving them, and looking after them."""

from apps.mywordpress.comments.views import moderation, personal, posting

BLUEPRINTS = (posting.posting, moderation.comments, personal.personal)
