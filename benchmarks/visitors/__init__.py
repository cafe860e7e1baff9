"""What visitors wait for and what they cost: ours, stock Voilà and four other frameworks, measured in one run.

`python benchmarks/visitors.py` is the command. One word means one thing throughout, for every framework:

*Interactive* is the time when the first submission has visibly taken effect. In a browser, a script types a word into
the text field and presses the Share button as soon as both exist, and the clock stops when the list shows the word, as
a contribution that has been to the server and back (`submit_probe.js`). The clock starts with the navigation. *Shown*
is the time when field and button exist.

A *light client* is a visitor without a browser (`headless_client.py`): it requests the page, opens the kernel's
websocket, sends `hello` as the page's script does, and is interactive when the kernel has answered with the requested
page. It omits the work of the participant's own device, so that thirty of them fit beside the measured server.
"""
