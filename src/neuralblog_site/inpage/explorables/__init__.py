"""What the explorables of the page ask of the library. Runs in the reader's browser.

A module for each, named by its post. Arrays and plain values go in and out, so that the
page's scripts only draw them. A test compares what they show with what the same calls
give outside of a browser.
"""
