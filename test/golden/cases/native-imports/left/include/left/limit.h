#define LEFT_LEVEL 2

const char *left_text(void);
