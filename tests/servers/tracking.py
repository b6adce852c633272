"""A real HTTP server on this machine that speaks the part of MLflow's REST API that is used."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

RUN = {
    "info": {
        "run_id": "abc123", "run_uuid": "abc123", "run_name": "icy-otter", "experiment_id": "0",
        "user_id": "", "status": "FINISHED", "start_time": 1, "end_time": 2,
        "artifact_uri": "file:///none", "lifecycle_stage": "active",
    },
    "data": {
        "metrics": [
            {"key": "train/loss", "value": 1.0, "timestamp": 1, "step": 20},
            {"key": "eval_loss", "value": 1.1, "timestamp": 1, "step": 20},
        ],
        "params": [{"key": "learning_rate", "value": "2e-5"}],
    },
}  # fmt: skip


@contextmanager
def tracking_server(*, down: bool = False) -> Iterator[str]:
    """Yield the address of a server that holds one run."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = urlsplit(self.path)
            query = parse_qs(place.query)
            if down:
                self._answer(500, {"error_code": "INTERNAL_ERROR", "message": "down"})
            elif place.path.endswith("/runs/get") and query.get("run_id") == ["abc123"]:
                self._answer(200, {"run": RUN})
            elif place.path.endswith("/metrics/get-history"):
                key = query["metric_key"][0]
                points = [
                    {
                        "key": key,
                        "value": 3.0 - 0.1 * i,
                        "timestamp": 1_700_000_000_000 + i,
                        "step": i,
                    }
                    for i in range(1, 21)
                ]
                self._answer(200, {"metrics": points})
            else:
                self._answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no run"})

        def _answer(self, status: int, document: dict) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
