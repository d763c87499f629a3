package io.tidemark.systemtests.layers.planted.two;

import io.tidemark.systemtests.layers.planted.one.One;

/** Planted: the other half of a circle. */
public interface Two {
    One one();
}
