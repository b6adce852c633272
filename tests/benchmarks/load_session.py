"""A browser's side of a session with the app: Streamlit's messages over its WebSocket.

It does what the front end does: gets its cookie, keeps the elements of the page, sends every
widget's value with each rerun, uploads by PUT. It draws nothing, so that the server is measured.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from http.cookies import SimpleCookie
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 300  # seconds for any answer
XSRF = "_streamlit_xsrf"
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
FAILED = ForwardMsg.FINISHED_WITH_COMPILE_ERROR
BOUNDARY = "----of-a-browser-like-session"


class PageError(Exception):
    """The page did not answer as it should."""


class Session:
    """A session, open from its making until ``close``.

    Attributes
    ----------
    elements : dict of tuple of int to (Element, str)
        What the page shows, by its place; with the id of the fragment that drew it.
    query : str
        What the address says after its question mark.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.elements: dict[tuple[int, ...], tuple[Element, str]] = {}
        self._drawn: set[tuple[int, ...]] = set()  # in the run that goes on
        self._values: dict[str, WidgetState] = {}
        self._cached: dict[str, ForwardMsg] = {}
        self._pages: dict[str, str] = {}
        self._page = self.id = self.query = ""
        self._token = self._cookie()
        headers = {"Cookie": f"{XSRF}={self._token}", "Origin": url}
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._open = ExitStack()
        opening = connect(
            address, subprotocols=["streamlit", self._token], additional_headers=headers,  # type: ignore[list-item]
            max_size=None, open_timeout=PATIENCE, compression=None,
        )  # fmt: skip
        self._socket = self._open.enter_context(opening)
        self._rerun()

    def close(self) -> None:
        """Close the page."""
        self._open.close()

    def go(self, page: str) -> None:
        """Open a page by its name, as the menu does."""
        self._page = self._pages[page]
        self._rerun()

    def press(self, label: str) -> None:
        """Press the first button of a label."""
        button = next((b for b, _ in self.all("button") if b.button.label == label), None)
        if button is None:
            raise PageError(f"There is no button {label}")
        self._rerun(WidgetState(id=button.button.id, trigger_value=True))

    def tell(self, component: str, **said: object) -> None:
        """Say what a component of the page would say of its state."""
        for element, fragment in self.all("bidi_component"):
            found = element.bidi_component
            if found.component_name.endswith(component):
                value = WidgetState(id=found.id, json_value=json.dumps(said))
                self._values[found.id] = value
                self._rerun(fragment=fragment)
                return
        raise PageError(f"There is no {component}")

    def upload(self, name: str, content: bytes) -> None:
        """Drop a file on the page's uploader."""
        uploader = next(element.file_uploader for element, _ in self.all("file_uploader"))
        message = BackMsg()
        message.file_urls_request.request_id = "1"
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.id
        self._socket.send(message.SerializeToString())
        urls = next(
            received.file_urls_response.file_urls[0]
            for received in self._received()
            if received.HasField("file_urls_response")
        )
        self._put(urls.upload_url, name, content)
        info = UploadedFileInfo(
            name=name, size=len(content), file_id=urls.file_id, file_urls=urls
        )  # fmt: skip
        chosen = FileUploaderState(uploaded_file_info=[info])
        value = WidgetState(id=uploader.id, file_uploader_state_value=chosen)
        self._values[uploader.id] = value
        self._rerun()

    def all(self, kind: str) -> list[tuple[Element, str]]:
        """Return the elements of a kind, each with its fragment, from the top of the page on."""
        return [
            (element, fragment)
            for _, (element, fragment) in sorted(self.elements.items())
            if element.WhichOneof("type") == kind
        ]

    def texts(self) -> str:
        """Return the words of the page: headings, paragraphs and notices."""
        found = []
        for kind in ("heading", "markdown", "alert"):
            found.extend(getattr(element, kind).body for element, _ in self.all(kind))
        return "\n".join(found)

    def data_of(self, component: str) -> list[Mapping[str, Any]]:
        """Return what the components of this name were given."""
        return [
            json.loads(element.bidi_component.json)
            for element, _ in self.all("bidi_component")
            if element.bidi_component.component_name.endswith(component)
        ]

    def _cookie(self) -> str:
        with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=PATIENCE) as answer:  # noqa: S310
            cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        return cookies[XSRF].value

    def _put(self, place: str, name: str, content: bytes) -> None:
        head = (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        )
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/{place.lstrip('/')}",
            data=head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode(),
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Cookie": f"{XSRF}={self._token}",
                "X-Xsrftoken": self._token,
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            if answer.status != 204:
                raise PageError(f"The upload was answered with {answer.status}")

    def _rerun(self, pressed: WidgetState | None = None, fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.page_script_hash, state.fragment_id = self._page, fragment
        state.query_string = self.query
        state.widget_states.widgets.extend(self._values.values())
        if pressed:
            state.widget_states.widgets.append(pressed)
        state.cached_message_hashes.extend(self._cached)
        self._socket.send(message.SerializeToString())
        self._settle(partial=bool(fragment))

    def _settle(self, *, partial: bool) -> None:
        """Take in what the server sends until the page stands."""
        takers = {
            "new_session": self._begin,
            "navigation": self._learn_pages,
            "page_info_changed": self._move,
            "delta": self._draw,
        }
        for message in self._received():
            kind = message.WhichOneof("type")
            if kind in takers:
                takers[kind](message)
            elif kind == "script_finished":
                if message.script_finished == FAILED:
                    raise PageError("A page does not compile")
                if message.script_finished != AGAIN:
                    break
                partial = False
        self._tidy(partial=partial)

    def _learn_pages(self, message: ForwardMsg) -> None:
        pages = message.navigation.app_pages
        self._pages = {page.page_name: page.page_script_hash for page in pages}

    def _move(self, message: ForwardMsg) -> None:
        self.query = message.page_info_changed.query_string

    def _begin(self, message: ForwardMsg) -> None:
        self.id = message.new_session.initialize.session_id or self.id
        self._page = message.new_session.page_script_hash or self._page
        self._drawn = set()

    def _draw(self, message: ForwardMsg) -> None:
        place, delta = tuple(message.metadata.delta_path), message.delta
        self.elements.pop(place, None)
        if delta.WhichOneof("type") == "new_element":
            self.elements[place] = (delta.new_element, delta.fragment_id)
            if delta.new_element.HasField("exception"):
                raise PageError(delta.new_element.exception.message)
        self._drawn.add(place)

    def _tidy(self, *, partial: bool) -> None:
        """Forget what the last run did not draw; a fragment leaves the rest of the page."""
        if partial:
            return
        self.elements = {k: found for k, found in self.elements.items() if k in self._drawn}
        ids = {_id_of(element) for element, _ in self.elements.values()}
        self._values = {key: value for key, value in self._values.items() if key in ids}

    def _received(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self._socket.recv(timeout=PATIENCE)))  # type: ignore[arg-type]
            if message.WhichOneof("type") == "ref_hash":
                known = self._cached[message.ref_hash]
                place = message.metadata
                message = ForwardMsg()
                message.CopyFrom(known)
                message.metadata.CopyFrom(place)
            elif message.metadata.cacheable:
                self._cached[message.hash] = message
            yield message


def _id_of(element: Element) -> str:
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""
