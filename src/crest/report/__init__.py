"""The report: one HTML page that holds all it needs, made from tables and charts on disk.

`inputs` reads them, `page` turns them into the page. The other modules each make the rows of one
part; no number in the page is typed, and each stands beside the table that it comes from.
"""
