/** The outside order API as this service sees it: pages of orders, and everything that can come instead of one. */
@NullMarked
package io.tidemark.positions.feed;

import org.jspecify.annotations.NullMarked;
