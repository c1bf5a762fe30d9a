/* Exists, so that cases can name a file. */
