/** The whole product with the least rights, over encrypted connections alone. */
@NullMarked
package io.tidemark.systemtests.access;

import org.jspecify.annotations.NullMarked;
