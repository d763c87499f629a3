/** Who may look and who may change: roles, the tokens that prove them, and where a browser's request comes from. */
@NullMarked
package io.tidemark.core.access;

import org.jspecify.annotations.NullMarked;
