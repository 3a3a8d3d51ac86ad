"""A promoter for MariaDB: one writer, one semi-synchronous standby, any number of readers, and an endpoint that moves.

It knows nothing of the sites. They know one address of a writer, which is the endpoint, and those of their readers.
"""
