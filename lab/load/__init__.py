"""Open-loop load: requests that come when the clock says, however long the answers take."""
