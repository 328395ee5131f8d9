"""The notebook on advisories: a reader of OSV records, and a service made of a frozen set."""
