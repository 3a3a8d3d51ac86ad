"""What programs ask that speak WordPress's REST API: `/wp-json/wp/v2`, with its fields, parameters and errors.

Each resource is a module with a table of fields; OPTIONS, validation and answers all come from it.
"""
