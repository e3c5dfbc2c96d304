"""Resources that stand elsewhere already: in models, in a database, in an API's description."""
