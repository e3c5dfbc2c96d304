# These two have other names in some versions of Python.
TITLES = responses | {
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
