"""Text to record: parse values, reassemble fields, check rules, tables for export."""
