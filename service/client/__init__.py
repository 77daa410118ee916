"""The other side of the service: what a program does that sends scans to it. Knows no archive."""
