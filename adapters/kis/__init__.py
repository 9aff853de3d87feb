"""The Korea Investment & Securities Open API, REST and stock masters."""
