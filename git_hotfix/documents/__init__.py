"""Documents of a hotfix: filled in from facts and answers, and written again for ever beside what people write.

    from git_hotfix.documents.contents import BoxLine, Contents, Row, Rows, item_rows
    from git_hotfix.documents.merge import merge_document
    from git_hotfix.documents.rendering import Rendering
    from git_hotfix.documents.templates import render_document

    contents = Contents(
        fields={"root-cause": "a cache without a limit", "window": ""},
        facts={"tag": "v1.4.2", "severity": "P0"},
        boxes={"smoke": BoxLine("done", "Smoke tests passed before finish", note="run smoke, 10:24 UTC")},
        lists={
            "symptoms": item_rows(["500 on /api/orders"], said=True),
            "actions": Rows(("what", "owner"), (Row("limit-the-cache", {"what": "limit the cache", "owner": "Ada"}),),
                            said=True),
        },
    )
    rendering = render_document(template_bytes, contents, "post-mortem.md.j2")
    rendering.text        # the document, as it is written first
    rendering.to_bytes()  # for the tree of the entry that records this writing; Rendering.from_bytes reads it

    earlier = [...]       # every rendering of this document that the logbook holds, oldest first
    merged = merge_document(text_of_the_file, earlier, rendering)
    merged.text           # what to write; merged.kept, .dropped, .beside say what people own

What a template may hold is told in `documents/templates.py`; how text of others is made harmless in `markdown.py`.
Every text is given as it is (no Markdown is escaped beforehand). To close an issue, the template has the words:
`Fixes #{{ fact("issue") }}`. Jinja2 is imported when a document is rendered and not before: a hook never loads it.
"""
