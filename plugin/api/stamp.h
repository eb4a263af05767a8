/* stamp.h - which sources this was built from. */
#ifndef PM_API_STAMP_H
#define PM_API_STAMP_H

/* What scripts/source-stamp printed when the library was built: 16 hexadecimal digits. */
extern const char pm_source_stamp[];

#endif
