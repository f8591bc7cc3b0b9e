/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second wave and what never passes. A row moves to formats.c when its module is there.
 */
#include "disarm/format/refused.h"

#define KNOWN(format_name, format_danger, format_extensions)                                       \
    {                                                                                              \
        .name = format_name, .media_type = "application/octet-stream",                             \
        .extensions = format_extensions, .danger = format_danger                                   \
    }

static const struct format refused[] = {
    KNOWN("7z", DANGER_CARRIER, "7z"),
    KNOWN("audio", DANGER_PICTURE, "mp3 wav ogg flac m4a aac wma"),
    KNOWN("bz2", DANGER_CARRIER, "bz2 tbz tbz2"),
    KNOWN("cab", DANGER_CARRIER, "cab xar pkg"),
    KNOWN("chm", DANGER_PROGRAM, "chm hlp"),
    KNOWN("database", DANGER_ACTIVE, "mdb accdb mde accde db sqlite sqlite3"),
    KNOWN("dicom", DANGER_PICTURE, "dcm"),
    KNOWN("djvu", DANGER_DOCUMENT, "djvu djv"),
    KNOWN("doc", DANGER_ACTIVE, "doc dot"),
    KNOWN("epub", DANGER_DOCUMENT, "epub"),
    KNOWN("exe", DANGER_PROGRAM,
          "exe dll com scr sys cpl ocx drv elf so dylib msi msp mst pif class dex wasm"),
    KNOWN("gz", DANGER_CARRIER, "gz tgz z taz"),
    KNOWN("heif", DANGER_PICTURE, "heic heif avif hif"),
    KNOWN("html", DANGER_ACTIVE, "html htm xhtml xht mht mhtml"),
    KNOWN("ico", DANGER_PICTURE, "ico cur"),
    KNOWN("iso", DANGER_CARRIER, "iso img vhd vhdx"),
    KNOWN("jar", DANGER_PROGRAM, "jar war ear apk"),
    KNOWN("jp2", DANGER_PICTURE, "jp2 j2k jpf jpx jpc j2c"),
    KNOWN("jtd", DANGER_ACTIVE, "jtd jtt jttc jtdc jsw juw"),
    KNOWN("jxl", DANGER_PICTURE, "jxl"),
    KNOWN("lnk", DANGER_PROGRAM, "lnk url website"),
    KNOWN("lz", DANGER_CARRIER, "lz lz4 lzo lrz tlz"),
    KNOWN("lzh", DANGER_CARRIER, "lzh lha"),
    KNOWN("msg", DANGER_CARRIER, "msg oft"),
    KNOWN("odg", DANGER_ACTIVE, "odg otg odf odb odc sxw sxc sxi sxd"),
    KNOWN("odp", DANGER_ACTIVE, "odp otp"),
    KNOWN("ods", DANGER_ACTIVE, "ods ots"),
    KNOWN("odt", DANGER_ACTIVE, "odt ott odm oth"),
    KNOWN("ole2", DANGER_ACTIVE, "hwp pub mpp wps"),
    KNOWN("one", DANGER_PROGRAM, "one onepkg onetoc2"),
    KNOWN("ppam", DANGER_PROGRAM, "ppam ppa"),
    KNOWN("ppt", DANGER_ACTIVE, "ppt pps pot"),
    KNOWN("ps", DANGER_ACTIVE, "ps eps epsf ai prn"),
    KNOWN("psd", DANGER_PICTURE, "psd psb"),
    KNOWN("pst", DANGER_CARRIER, "pst ost"),
    KNOWN("rar", DANGER_CARRIER, "rar ace r00"),
    KNOWN("rtf", DANGER_ACTIVE, "rtf"),
    KNOWN("script", DANGER_PROGRAM,
          "bat cmd js jse vbs vbe vb wsf wsh wsc hta ps1 psm1 psd1 sh bash zsh py pyw rb pl php "
          "reg inf scf sct msc application appref-ms settingcontent-ms library-ms search-ms iqy "
          "oqy rqy slk dqy job ws desktop command jnlp diagcab"),
    KNOWN("svg", DANGER_ACTIVE, "svg svgz"),
    KNOWN("swf", DANGER_PROGRAM, "swf"),
    KNOWN("tar", DANGER_CARRIER, "tar ustar cpio"),
    KNOWN("tnef", DANGER_CARRIER, "tnef"),
    KNOWN("video", DANGER_PICTURE, "mp4 mov m4v avi mkv webm wmv mpg mpeg 3gp"),
    KNOWN("vsd", DANGER_ACTIVE, "vsd vst vss"),
    KNOWN("vsdx", DANGER_ACTIVE, "vsdx vsdm vstx vssx"),
    KNOWN("wmz", DANGER_DOCUMENT, "wmz emz"),
    KNOWN("xdw", DANGER_DOCUMENT, "xdw xbd xct"),
    KNOWN("xlam", DANGER_PROGRAM, "xlam xla xll"),
    KNOWN("xls", DANGER_ACTIVE, "xls xlt xlm"),
    KNOWN("xlsb", DANGER_ACTIVE, "xlsb"),
    KNOWN("xml", DANGER_DOCUMENT, "xml xsl xslt xsd"),
    KNOWN("xml_office", DANGER_ACTIVE, "xml"),
    KNOWN("xps", DANGER_DOCUMENT, "xps oxps"),
    KNOWN("xz", DANGER_CARRIER, "xz txz"),
    KNOWN("zst", DANGER_CARRIER, "zst"),
};

const struct format *refused_all(size_t *count)
{
    *count = sizeof refused / sizeof *refused;
    return refused;
}

const struct format *refused_find(const char *name)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (!strcmp(refused[i].name, name))
            return &refused[i];
    }
    return NULL;
}
