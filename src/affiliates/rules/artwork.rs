//! What a creative may be (F-2): pictures that every browser shows, small enough for a page of somebody else.

use imagesize::ImageType;

use crate::{
    entity::enums::{CreativeKind, PictureFormat},
    error::Rejection,
    input::invalid,
};

/// The most bytes of a picture.
const FILE_AT_MOST: usize = 150 * 1024;

/// The most pixels of a side.
const SIDE_AT_MOST: usize = 2_000;

/// What a file says of its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its format.
    pub format: PictureFormat,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
}

/// The picture in `file`.
///
/// # Errors
/// `INVALID_INPUT` when it is none of a known format, or too large.
pub fn picture_of(file: &[u8]) -> Result<Picture, Rejection> {
    let bytes = file.len();
    if bytes > FILE_AT_MOST {
        let sentence = format!("The picture has {bytes} bytes. Send one of at most {FILE_AT_MOST}.");
        return Err(invalid("file", sentence));
    }
    let format = match imagesize::image_type(file) {
        Ok(ImageType::Gif) => Some(PictureFormat::Gif),
        Ok(ImageType::Jpeg) => Some(PictureFormat::Jpeg),
        Ok(ImageType::Png) => Some(PictureFormat::Png),
        Ok(ImageType::Webp) => Some(PictureFormat::Webp),
        _ => None,
    };
    let unknown =
        || invalid("file", "This is no picture in a known format. Send a PNG, JPEG, GIF or WebP file.");
    let format = format.ok_or_else(unknown)?;
    let size = imagesize::blob_size(file).map_err(|_| unknown())?;
    let side =
        |pixels: usize| (1..=SIDE_AT_MOST).contains(&pixels).then(|| i64::try_from(pixels).ok()).flatten();
    match (side(size.width), side(size.height)) {
        (Some(width), Some(height)) => Ok(Picture { format, width, height }),
        _ => {
            let sentence = format!(
                "The picture has {} by {} pixels. Send one of at most {SIDE_AT_MOST} by {SIDE_AT_MOST}.",
                size.width, size.height
            );
            Err(invalid("file", sentence))
        }
    }
}

/// Checks that a creative of `kind` has a file exactly if it is a picture.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn fits(kind: CreativeKind, has_file: bool) -> Result<(), Rejection> {
    match (kind, has_file) {
        (CreativeKind::TextLink, true) => {
            Err(invalid("file", "A text link has no picture. Leave the file out."))
        }
        (CreativeKind::Logo | CreativeKind::Banner | CreativeKind::Button, false) => {
            Err(invalid("file", "A picture is missing. Send its file in Base64."))
        }
        _ => Ok(()),
    }
}

/// The media type of a format.
pub fn media_type_of(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Gif => "image/gif",
        PictureFormat::Jpeg => "image/jpeg",
        PictureFormat::Png => "image/png",
        PictureFormat::Webp => "image/webp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file.extend([8, 6, 0, 0, 0]);
        file
    }

    #[test]
    fn f_2_a_creative_is_a_picture_that_browsers_show() {
        let gif = [b"GIF89a".as_slice(), &[88, 2, 90, 0, 0, 0, 0]].concat();
        let picture = |format, width, height| Ok(Picture { format, width, height });
        assert_eq!(picture_of(&png(600, 90)), picture(PictureFormat::Png, 600, 90));
        assert_eq!(picture_of(&gif), picture(PictureFormat::Gif, 600, 90));
        let webp = [b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".as_slice(), &[87, 2, 0, 89, 0, 0]].concat();
        assert_eq!(picture_of(&webp), picture(PictureFormat::Webp, 600, 90));
        let jpeg = [
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".as_slice(),
            &[0xff, 0xc0, 0, 17, 8, 0, 90, 2, 88, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
        ]
        .concat();
        assert_eq!(picture_of(&jpeg), picture(PictureFormat::Jpeg, 600, 90));
        let texts: [&[u8]; 6] = [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%PDF-1.7",
            b"BM",
            b"GIF89a",
            b"\xff\xd8\xff",
        ];
        for file in texts {
            assert!(picture_of(file).unwrap_err().message.contains("PNG, JPEG, GIF or WebP"), "{file:?}");
        }
    }

    #[test]
    fn f_2_a_creative_has_bounds() {
        assert!(picture_of(&png(2_000, 1)).is_ok());
        for (width, height) in [(2_001, 1), (1, 2_001), (0, 10), (10, 0), (u32::MAX, u32::MAX)] {
            assert!(picture_of(&png(width, height)).is_err(), "{width} x {height}");
        }
        let mut file = png(600, 90);
        file.resize(FILE_AT_MOST, 0);
        assert!(picture_of(&file).is_ok());
        file.push(0);
        assert!(picture_of(&file).unwrap_err().message.contains("153601 bytes"));
    }

    #[test]
    fn f_2_a_text_link_has_no_picture_and_every_other_creative_has_one() {
        for kind in [CreativeKind::Logo, CreativeKind::Banner, CreativeKind::Button] {
            assert!(fits(kind, true).is_ok() && fits(kind, false).is_err());
        }
        assert!(fits(CreativeKind::TextLink, false).is_ok() && fits(CreativeKind::TextLink, true).is_err());
    }
}
