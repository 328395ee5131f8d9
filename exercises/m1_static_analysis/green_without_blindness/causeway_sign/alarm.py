"""Who hears when the sign fails."""

import time


class Alarm:
    """Calls the warden; the class of each radio says how to send."""

    def send(self, message: str) -> None:
        """Radio *message*; raises an OSError while there is no signal."""
        raise NotImplementedError

    def call_warden(self, message: str, tries: int = 3, pause: float = 2.0) -> bool:
        """Send *message*; give up after *tries*, *pause* seconds apart."""
        for attempt in range(tries):
            try:
                self.send(message)
                return True
            except:
                time.sleep(pause)
        return False
