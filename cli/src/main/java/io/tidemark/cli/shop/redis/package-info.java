/** The demo shop's own cache client. */
@NullMarked
package io.tidemark.cli.shop.redis;

import org.jspecify.annotations.NullMarked;
