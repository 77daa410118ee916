"""The archive door: folders of scans into the store, read in the background, watched, told of."""
