import classes from './ui.module.css';

/** Class names of a dialog that comes from below on the phone, where the thumb is. */
export const SHEET = { inner: classes.sheetPlace, content: classes.sheet };
