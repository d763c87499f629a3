/** The services' HTTP interfaces as this command uses them. */
@NullMarked
package io.tidemark.cli.api;

import org.jspecify.annotations.NullMarked;
