/** The demo shop in PostgreSQL: loading it, and writing to it. */
@NullMarked
package io.tidemark.cli.shop.postgres;

import org.jspecify.annotations.NullMarked;
