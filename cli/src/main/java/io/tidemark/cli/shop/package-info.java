/** The demo shop: its tables, its seeded data, and the traffic that changes them. */
@NullMarked
package io.tidemark.cli.shop;

import org.jspecify.annotations.NullMarked;
