"""Reports as files: what is said of runs, as HTML, Markdown, CSV and JSON."""
