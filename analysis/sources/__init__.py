"""Sources: files in, runs out. The only place that reads, decodes or asks an API."""
