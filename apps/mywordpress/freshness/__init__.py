"""What readers see: kept whole, and never out of date for longer than a second.

`changed` is called in the transaction of whatever a reader may see. `views.kept` marks the views whose pages are kept;
`watch` hears in each process which epoch stands, `layer` answers from what is kept, before Flask.
"""

from apps.chassis.epochs import changed

__all__ = ["OWN_COOKIES", "changed"]

# Who brings a cookie of this site (session, pin, or another one that a view may set) is answered by Flask.
OWN_COOKIES = "mywordpress-"
