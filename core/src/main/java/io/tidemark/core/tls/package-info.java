/** Encrypted connections by PEM files: reading them, trusting servers, and saying in words why a certificate is refused. */
@NullMarked
package io.tidemark.core.tls;

import org.jspecify.annotations.NullMarked;
