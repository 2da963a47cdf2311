"""Blueprint and templates to Junos configuration."""
