/** Certificates made on the spot. */
@NullMarked
package io.tidemark.testkit.tls;

import org.jspecify.annotations.NullMarked;
