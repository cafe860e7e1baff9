"""What visitors wait for and what they cost: ours, stock Voilà and four other frameworks, measured in one run.

`python benchmarks/visitors.py` is the command. One word means one thing throughout, for every framework:

*Interactive* is when a press has been answered on the screen. In a browser: a script writes a word into the text box
and presses the Share button as soon as both stand there, and the clock stops when the word stands in the list, as a
contribution that has been to the server and back (`press.js`). The clock starts with the navigation. *Shown* is when
box and button stand there.

A *light client* is a visitor without a browser (`light.py`): it gets the page, opens the kernel's websocket, says
hello as the page's script does, and is interactive when the kernel has answered with the page it asked for. It leaves
out what happens on the participant's own device, so that thirty fit beside the server that is measured.
"""
