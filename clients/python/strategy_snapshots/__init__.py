"""The client of the strategy snapshots service: records are stored on disk first and sent in the background."""

from .errors import OutboxInUse, StrategyServiceError
from .following import Assignment
from .manager import StrategySnapshotManager
from .sender import Status

__all__ = ["Assignment", "OutboxInUse", "Status", "StrategyServiceError", "StrategySnapshotManager"]
