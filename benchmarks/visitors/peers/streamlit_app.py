"""Streamlit: a form, a resource cached for all sessions, and a fragment that looks for news. `streamlit run`."""

import streamlit as st
from shared_list import TITLE, as_markdown, contributions


@st.cache_resource
def board() -> list[str]:
    return list(contributions)


@st.fragment(run_every="2s")
def listed() -> None:
    st.markdown(as_markdown(board()))


st.title(TITLE)
with st.form("share", clear_on_submit=True):
    words = st.text_input("Your contribution")
    if st.form_submit_button("Share"):
        board().insert(0, words)
listed()
