"""Face features laid out in three dimensions."""

from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from explorer.errors import InvalidRequest

MIN_FACES = 5
MAX_COMPONENTS = 50  # what van der Maaten & Hinton keep before t-SNE
PERPLEXITY = 30  # their upper middle; fewer points get less
SMALLEST_CLUSTER, NEIGHBOURS = 5, 2  # points of a cluster, and how many must be near for a point to count as dense
NOISE = -1  # the cluster of points that belong to none


@dataclass(frozen=True)
class Embedding:
    """N faces, then M references.

    `points` (N+M, 3) float32 in t-SNE's own units, `clusters` (N+M,) int from 0 with NOISE = -1, `explained_variance`
    (D,) float64 the share of the variance that each principal component holds.
    """

    points: np.ndarray = field(repr=False)
    clusters: np.ndarray = field(repr=False)
    explained_variance: np.ndarray = field(repr=False)


def require_faces(count: int) -> None:
    """Raise InvalidRequest unless there are faces enough for a map."""
    if count < MIN_FACES:
        raise InvalidRequest(f"a map needs at least {MIN_FACES} faces and there are {count}; analyse more frames")


def embed(features: np.ndarray, references: np.ndarray | None = None, seed: int = 0) -> Embedding:
    """Features (N, C) and references (M, C) through PCA, then t-SNE (van der Maaten & Hinton, JMLR 2008) in 3D.

    HDBSCAN (Campello et al., PAKDD 2013) clusters in PCA's space, because t-SNE keeps neither distances nor densities:
    in its picture HDBSCAN finds two dozen clusters among 200 references in which PCA's space holds a few. The same
    input gives the same map. Raises InvalidRequest where there are fewer than MIN_FACES faces, or all are the same.
    """
    features = np.asarray(features, np.float64)
    require_faces(len(features))
    if references is not None:
        features = np.concatenate([features, references])
    if np.allclose(features, features[0]):
        raise InvalidRequest("all faces are the same picture, so there is nothing to map; choose a clip that moves")
    from sklearn.cluster import HDBSCAN  # loaded where it is needed, not at start
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    count = len(features)
    with threadpool_limits(1):  # so few points are slower on two threads, ten times where others use the cores too
        pca = PCA(min(MAX_COMPONENTS, count - 1, features.shape[1]), svd_solver="full")
        reduced = pca.fit_transform(features)
        clusters = HDBSCAN(SMALLEST_CLUSTER, min_samples=NEIGHBOURS, copy=True).fit_predict(reduced)
        layout = TSNE(3, perplexity=min(PERPLEXITY, (count - 1) / 3), random_state=seed)
        return Embedding(layout.fit_transform(reduced), clusters, pca.explained_variance_ratio_)
