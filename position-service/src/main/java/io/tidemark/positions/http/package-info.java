/** The admin HTTP of positions: who may ask, what may be asked, and answers a person can act on. */
@NullMarked
package io.tidemark.positions.http;

import org.jspecify.annotations.NullMarked;
