#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define FOLLITONE_PROGRAM "follitone"
#define FOLLITONE_VERSION "0.1.0"

#endif
