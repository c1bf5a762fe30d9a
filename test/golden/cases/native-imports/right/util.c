int right_level(void);

int
right_level(void)
{
    return 3;
}
