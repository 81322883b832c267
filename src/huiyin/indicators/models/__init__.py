"""The room's tables: versions of the tree, its nodes, values that were uploaded, frozen scores."""

from huiyin.indicators.models.score import Assessment, Score
from huiyin.indicators.models.tree import Tree, TreeNode
from huiyin.indicators.models.value import Source, Value

__all__ = ["Assessment", "Score", "Source", "Tree", "TreeNode", "Value"]
