"""What WordPress's editors and libraries speak: XML-RPC at /xmlrpc.php, one method of a table for each call."""
